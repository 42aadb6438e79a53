// Writes each of the age format's published test vectors into a folder of its own name: node vectors.mjs DIR

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import * as vectors from "../../target/peers/npm/node_modules/cctv-age/index.js";

for (const [name, bytes] of Object.entries(vectors)) {
  writeFileSync(join(process.argv[2], name), bytes);
}
