// Seals and opens files with age for npm, so that the tests can compare it with ours.
//
// Reads jobs from standard input, a JSON array of {op: "seal" | "open", armor, recipients, identities, input,
// output}, and prints a line of JSON for each, in their order: {ok: true} or {ok: false, error}. One process
// does all of them, since starting node takes longer than most.

import { readFileSync, writeFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

import { Decrypter, Encrypter, armor } from "../../target/peers/npm/node_modules/age-encryption/dist/index.js";

// Node 18 has it, but not by this name.
globalThis.crypto ??= webcrypto;

async function sealed(job, plaintext) {
  const encrypter = new Encrypter();
  job.recipients.forEach((recipient) => encrypter.addRecipient(recipient));
  const file = await encrypter.encrypt(plaintext);
  return job.armor ? armor.encode(file) : file;
}

async function opened(job, file) {
  const decrypter = new Decrypter();
  job.identities.forEach((identity) => decrypter.addIdentity(identity));
  return decrypter.decrypt(job.armor ? armor.decode(file.toString("latin1")) : file);
}

async function result(job) {
  try {
    const work = { seal: sealed, open: opened }[job.op];
    writeFileSync(job.output, await work(job, readFileSync(job.input)));
    return { ok: true };
  } catch (error) {
    return { ok: false, error: String(error) };
  }
}

for (const job of JSON.parse(readFileSync(0, "utf8"))) {
  console.log(JSON.stringify(await result(job)));
}
