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
      <p>To get in, run this in a terminal:</p>
      <pre><code>chatstats-live-sync open</code></pre>
      <p class="quiet">
        Or double-click the program again; or follow the address that it printed when it started, up to its
        last character.
      </p>
    </main>
  );
}
