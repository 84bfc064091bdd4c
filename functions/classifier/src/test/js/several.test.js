import assert from 'node:assert/strict';
import {test} from 'node:test';
import {csv, predictAll} from '../../main/resources/page/several.js';

const prediction = (label, probability, known, reason = null) => ({label, probabilities: [{label, probability}], known, reason});

test('rows become a file that spreadsheets read and do not run', () => {
  const rows = [
    {name: 'a,b.jpg', prediction: prediction('gear', 0.9912345, true)},
    {name: '=1+1.jpg', prediction: prediction('say "key"', 0.5, false, 'unlike')},
    {name: 'c.jpg', error: new Error('no image')},
  ];
  assert.equal(csv(rows), 'file,label,probability,known,reason,error\r\n'
    + '"a,b.jpg",gear,0.991235,true,,\r\n'
    + "'=1+1.jpg,\"say \"\"key\"\"\",0.500000,false,unlike,\r\n"
    + 'c.jpg,,,,,no image\r\n');
});

test('each picture is asked about once, and a failure stops no other', async () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map(name => ({name}));
  const asked = [];
  await predictAll(rows, async ({name}) => {
    asked.push(name);
    if (name === 'b') throw new Error('damaged');
    return name;
  }, () => true);
  assert.deepEqual(asked.sort(), ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual(rows.map(row => row.prediction || row.error.message), ['a', 'damaged', 'c', 'd', 'e']);
});

test('nothing more is asked once nobody looks', async () => {
  const rows = Array.from({length: 9}, (_, i) => ({name: String(i)}));
  await predictAll(rows, async () => true, () => false);
  assert.equal(rows.filter(row => row.prediction).length, 2);
});
