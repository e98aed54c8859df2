/** All results, or the first failure once every job has ended: closing a pool under a running job would crash it. */
export async function allEnded<T>(jobs: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(jobs);
  const failed = ended.find((e) => e.status === "rejected");
  if (failed) throw failed.reason;
  return ended.map((e) => (e as PromiseFulfilledResult<T>).value);
}
