/*
 * Decision trees on binned features. One instance holds one binned table; `grow` makes one tree for one set of
 * row weights. A feature of few distinct values, mostly one of them, is stored a second time by rows without
 * that value: its histograms cost what its other entries cost, and the left-out bin is the node minus the rest.
 *
 * Regression keeps (Σ w, Σ w y) per bin and minimises the squared error; classification keeps Σ w per class and
 * minimises the Gini impurity, Breiman (2001), doi 10.1023/A:1010933404324, or the entropy, Quinlan (1986). With `randomCuts` each feature drawn
 * gets one random threshold, uniform over the bins that the node spans: extremely randomised trees, Geurts,
 * Ernst & Wehenkel (2006), doi 10.1007/s10994-006-6226-1.
 */
export { heapStart, setTable, setTask, setWork, setTree } from "./trees/state";
export { grow } from "./trees/grow";
export { histogramPairs, histogramByClass } from "./trees/histograms";
