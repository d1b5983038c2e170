/** For sorting: by code units, the same on every machine; what is missing stands first. */
export function byText(a: string | null | undefined, b: string | null | undefined): number {
  const [first, second] = [a ?? "", b ?? ""];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
