/** `discover_child.ts FOLDER`: prints what kind of AddressBook this process may see. */
import { discoverStores } from "../../../src/source/address_book.ts";

console.log(discoverStores(Deno.args[0] ?? "").kind);
