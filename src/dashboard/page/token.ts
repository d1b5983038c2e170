/** The key to the API: from the address bar into this tab's storage, and out of sight. */

const STORED_AS = "chatstats.token";

export interface TokenPlaces {
  readonly location: Pick<Location, "hash" | "pathname">;
  readonly history: Pick<History, "replaceState">;
  readonly storage: Pick<Storage, "getItem" | "setItem">;
}

/** The token of `/#token=T`, else the one that this tab knows; null when there is none. */
export function takeToken({ location, history, storage }: TokenPlaces): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) storage.setItem(STORED_AS, given);
  // It must not stay where it can be read over a shoulder, or be bookmarked.
  if (location.hash !== "") history.replaceState(null, "", location.pathname);
  return given ?? storage.getItem(STORED_AS);
}
