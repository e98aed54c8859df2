/*
 * Trees for gradient boosting on binned features, grown best first: the open leaf whose best cut gains most is parted
 * next, until there are enough leaves (Shi 2007; Ke et al. 2017). One instance holds one binned table; gradients and
 * Hessians change from tree to tree.
 *
 * Sums are whole numbers: gradients are rounded to a power of two, so that a histogram does not depend on the order of
 * its rows, the sibling of a node is exactly the parent minus the node, and equal partitions gain equally. With equal
 * Hessians a cell is one word, gradient · 2²⁴ + rows; else it is two, the gradient and Hessian · 2²⁴ + rows.
 */
export { heapStart, setTable, setTask, setWork, setTree } from "./boost/state";
export { grow } from "./boost/grow";
export { prepare } from "./boost/cells";
