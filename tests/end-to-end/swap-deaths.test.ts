import { deployed, executionEnd, healthy, rehearsed } from '../support/deployed.ts';
import { chosenBy } from '../support/deployed-death.ts';
import { colourScene, scaled, type Swap } from '../support/deployed-colours.ts';
import { endedDeployed } from '../support/deployed-service.ts';
import { brokenAfter, prepare, swapDeaths } from '../support/deployed-swap-death.ts';

/**
 * Ten swaps in which a call fails or the execution is stopped, on the deployed stack: each ends all blue or all green. The
 * seed that the run prints chooses them; `DRAWBRIDGE_SEED=<seed>` plays the same ones again.
 */

const quick: Swap = { steps: [{ weight: 100 }], bake_minutes: 0, timeout_minutes: 10 };

for (const [index, death] of chosenBy(deployed.seed, swapDeaths, 10).entries())
  rehearsed(
    `a swap: ${death.name}`,
    `swap-death-${index + 1}`,
    async (scene) => {
      const { test } = scene.service;
      const tested = { test_url: test?.url ?? '', test_listener_rule: test?.ruleArn ?? '' };
      const canary = { ...quick, ...tested, steps: [{ weight: 10, minutes: 1 }, { weight: 100 }], bake_minutes: 1 };
      const colours = await colourScene(scene, canary);
      const before = await colours.standing();
      const disturb = await prepare(death, scene, colours);
      const { execution } = await scene.release(healthy);
      const struck = await disturb(execution);
      expect(await brokenAfter(execution, { colours, before })).toEqual([]);
      expect(await struck()).toBe(true);

      await colours.putTarget({ ...quick, ...tested });
      const { weights } = await colours.standing();
      expect(await executionEnd((await scene.release(healthy)).execution)).toMatchObject(endedDeployed);
      const after = await colours.standing();
      expect(after).toMatchObject({
        weights: weights.toReversed(),
        desired: weights.map((one) => (one === 0 ? 2 : 0)),
      });
    },
    { service: { ...scaled, testListener: true }, beside: true },
  );
