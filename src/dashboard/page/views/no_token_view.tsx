/** What stands in place of the page for whoever came without the key, or with one that has ended. */

const WORDS = {
  none: {
    title: "This page needs its key",
    text:
      "It shows private conversations, so its address alone is not enough. The key comes with the address that the program gives you.",
  },
  ended: {
    title: "The key of this page has ended",
    text: "The program was started anew and has another key now.",
  },
} as const;

export function NoTokenView({ reason }: { readonly reason: keyof typeof WORDS }) {
  const { title, text } = WORDS[reason];
  return (
    <main class="gate">
      <h1>{title}</h1>
      <p>{text}</p>
      <p>To get in, double-click the program again. In a checkout, run this in its folder:</p>
      <pre><code>npx -y deno@2.9.6 task open</code></pre>
      <p class="quiet">Or follow the address that it printed when it started, up to its last character.</p>
    </main>
  );
}
