/** The slope of a line through at least three points, by least squares, and its standard error. */
export function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  if (spread === 0) return { slope: 0, error: 0 };
  const found = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
  const residues = points.reduce((sum, [at, value]) => sum + (value - y - found * (at - x)) ** 2, 0);
  return { slope: found, error: Math.sqrt(residues / (points.length - 2) / spread) };
}
