/* Libraries of networks with cards: what transfer learning draws from. */
export { cardLines, figureOf, nameFrom, predictsOf, type Card } from "./card.ts";
export { CARD, listLibrary, ownLibrary, putEntry, readEntry, readNetworkFile, readSeen, shippedLibrary, type LibraryEntry, type NewEntry } from "./folder.ts";
