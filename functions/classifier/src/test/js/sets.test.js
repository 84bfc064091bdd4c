import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {inSet} from '../../main/resources/page/sets.js';

const document = JSON.parse(readFileSync(new URL('../../main/resources/dev/graft/classifier/openapi.json', import.meta.url), 'utf8'));

test('a label set is named to just those routes that have it', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, {parameters = []}] of Object.entries(operations)) {
      const has = parameters.some(({$ref}) => /\/(Any)?Set$/.test($ref));
      const asked = path.replaceAll(/{\w+}/g, 'a-1');
      assert.equal(inSet(method.toUpperCase(), asked, 'damage'), has ? asked + '?set=damage' : asked, `${method} ${path}`);
    }
  }
});

test('it joins other parameters, and the default one is not named', () => {
  assert.equal(inSet('GET', '/images?limit=3', 'damage'), '/images?limit=3&set=damage');
  assert.equal(inSet('GET', '/images?limit=3', 'default'), '/images?limit=3');
  assert.equal(inSet('GET', '/images?limit=3'), '/images?limit=3', 'nothing was chosen');
});
