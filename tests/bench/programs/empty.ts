/** The least that a Deno program can be: what every start costs, whatever the program. */
console.log("ready");
