// The map as a file of its own, for documents.
import type { SimulationReport } from '../model/simulation.ts';
import { simulationMap } from './simulation-map.ts';

export function simulationSvg(report: SimulationReport): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${simulationMap(report, { standalone: true })}\n`;
}
