import { Outcome } from './outcomes';
import { Step } from '../services/state-machine';
import { DeploymentPhases, Timings } from '../time/timings';

/** What a deployment goes through, and what comes of it. */
export interface DeploymentPlan {
  readonly steps: readonly Step[];
  readonly succeeds: boolean;
}

/**
 * That nodes which never come up end in CREATING_DEPLOYMENT, and failing health checks in EVALUATING_HEALTH_CHECK, is an
 * inference from the names of the codes.
 */
export function planDeployment(outcome: Outcome, timings: Timings): DeploymentPlan {
  const phases: DeploymentPhases = { ...timings.deployment, ...outcome.phases };
  const creating = { detail: 'CREATING_DEPLOYMENT', ms: phases.creating } as const;
  const evaluating = { detail: 'EVALUATING_HEALTH_CHECK', ms: phases.evaluating } as const;
  const activating = { detail: 'ACTIVATING_DEPLOYMENT', ms: phases.activating } as const;
  switch (outcome.kind) {
    case 'succeeds':
      return { steps: [creating, evaluating, activating], succeeds: true };
    case 'health-check-fails': {
      const failsAfter = outcome.failsAfter ?? phases.creating + timings.healthCheckGivesUp;
      const created = Math.min(phases.creating, failsAfter);
      return { steps: [{ ...creating, ms: created }, { ...evaluating, ms: failsAfter - created }], succeeds: false };
    }
    case 'never-ends': {
      const order = ['creating', 'evaluating', 'activating'] as const;
      const steps = [creating, evaluating, activating].slice(0, order.indexOf(outcome.stuckIn) + 1);
      return { steps: steps.map((step, index) => (index === steps.length - 1 ? { ...step, ms: Infinity } : step)), succeeds: false };
    }
    case 'image-cannot-be-pulled':
    case 'wrong-architecture':
    case 'process-exits':
      return { steps: [{ ...creating, ms: outcome.failsAfter ?? timings.nodesGiveUp }], succeeds: false };
  }
}
