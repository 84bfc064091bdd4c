import assert from 'node:assert/strict';
import {test} from 'node:test';
import {agreedLevel, withoutContradictions} from '../../main/resources/page/chosen.js';
import {folderOf} from '../../main/resources/page/labels.js';

const at = (path, content = path) => Object.assign(new Blob([content]), {name: path.split('/').at(-1), webkitRelativePath: path});

/** Files in folders, and what asks and answers so. */
function asked(answer, ...paths) {
  const questions = [];
  return {files: paths.map(path => at(path)), questions, asking: async question => { questions.push(question); return answer; }};
}

test('classes one level further in are asked about, and taken where somebody says so', async () => {
  for (const [answer, folders] of [[true, ['tulip', 'val/rose']], [false, ['flowers', 'val/flowers']], [null, null]]) {
    const {files, questions, asking} = asked(answer, 'pictures/flowers/tulip/1.jpg', 'pictures/val/flowers/rose/2.jpg');
    assert.equal(await agreedLevel(files, [], asking), folders && '');
    assert.equal(questions[0].text, 'There are folders inside the folders: in flowers are rose, tulip.');
    if (folders) assert.deepEqual(files.map(file => folderOf(file, '')), folders);
  }
});

test('folders inside a class that exists, and pictures beside folders, are no classes further in', async () => {
  for (const [known, ...paths] of [[['flowers'], 'pictures/flowers/tulip/1.jpg'], [[], 'flowers/tulip/1.jpg', 'flowers/rose/red/2.jpg'], [[], 'flowers/1.jpg'], [[]]]) {
    const {files, questions, asking} = asked(true, ...paths);
    assert.equal(await agreedLevel(files, known, asking), '');
    assert.deepEqual(questions, []);
  }
});

test('a chosen folder of the name of a class is that class where somebody says so', async () => {
  for (const [answer, label] of [[true, 'tulip'], [false, ''], [null, null]]) {
    const {files, questions, asking} = asked(answer, 'tulip/red/1.jpg', 'tulip/white/2.jpg');
    assert.equal(await agreedLevel(files, ['tulip'], asking), label);
    assert.equal(questions[0].title, 'Are all of these tulip?');
  }
  const {files, questions, asking} = asked(true, 'tulip/red/1.jpg');
  assert.equal(await agreedLevel(files, ['tulip', 'red'], asking), '');
  assert.deepEqual(questions, []);
});

test('the same picture in two classes is asked about before anything is sent', async () => {
  const files = [at('f/tulip/1.jpg', 'same'), at('f/rose/2.jpg', 'same'), at('f/rose/3.jpg', 'else'), at('f/rose/4.jpg', 'same'), at('f/tulip/5.jpg', 'long')];
  const hashed = [];
  const hash = async file => { hashed.push(file.name); return file.text(); };
  const questions = [];
  const asking = answer => async question => { questions.push(question); return answer; };
  assert.deepEqual(await withoutContradictions(files, hash, asking(true)), [files[2], files[4]]);
  assert.equal(questions[0].title, '1 picture is in two classes');
  assert.equal(questions[0].text, 'The same content lies in two folders: 1.jpg in rose and tulip.');
  assert.deepEqual(await withoutContradictions(files, hash, asking(false)), files);
  assert.equal(await withoutContradictions(files, hash, asking(null)), null);
  hashed.length = 0;
  const fine = [at('f/tulip/1.jpg', 'aa'), at('f/rose/2.jpg', 'bbb'), at('f/rose/3.jpg', 'bbb')];
  assert.equal(await withoutContradictions(fine, hash, asking(true)), fine);
  assert.deepEqual(hashed, [], 'of another size, or of one class');
});
