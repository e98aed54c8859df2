/*
 * V8 13.6 (Node 24) sometimes miscompiles a loop that it replaces on the stack by Maglev's code while it runs: numbers that
 * one call has returned are then overwritten by those of later ones. Of 3,840 standardisations of one table, repeated in fresh
 * threads on a busy machine, 15 had wrong means; without that step none of 2,160. A result that depends on when a compiler
 * was ready is no result, so the step is switched off for this process and its threads; such loops are entered in
 * TurboFan's code a moment later. Imported for its effect, before anything is computed.
 */
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--no-maglev-osr");
