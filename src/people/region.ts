/**
 * The region that most handles have, as ISO 3166 two letters in capitals; of several, the first in the alphabet, so
 * that every run gives the same. `countries` holds one `handle.country` per handle ("us", null …); what is not two
 * letters is left out. Null when nothing is left.
 */
export function regionOfMostHandles(countries: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const country of countries) {
    const code = country?.trim() ?? "";
    // Before upper-casing, which would make "SS" of "ß".
    if (!/^[A-Za-z]{2}$/.test(code)) continue;
    const region = code.toUpperCase();
    counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  let best: string | null = null;
  let most = 0;
  for (const [region, count] of counts) {
    if (count > most || (count === most && best !== null && region < best)) {
      best = region;
      most = count;
    }
  }
  return best;
}
