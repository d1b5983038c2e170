/** Builds the page and prints its files as JSON: for the test that compares them with those that are committed. */
import { buildDashboard } from "./build.ts";

if (import.meta.main) console.log(JSON.stringify([...await buildDashboard()]));
