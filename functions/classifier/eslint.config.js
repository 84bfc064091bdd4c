/*
 * The linter's rules, without a package to install. For the browser's names, those alone that the page uses: a new one is
 * added here on purpose.
 */

const readonly = names => Object.fromEntries(names.split(' ').map(name => [name, 'readonly']));
const shared = 'fetch crypto Blob URL URLSearchParams setTimeout clearTimeout console';

const rules = {
  'array-callback-return': 'error',
  'constructor-super': 'error',
  'eqeqeq': 'error',
  'for-direction': 'error',
  'max-lines': ['error', {max: 200}],
  'no-cond-assign': 'error',
  'no-const-assign': 'error',
  'no-constant-binary-expression': 'error',
  'no-dupe-args': 'error',
  'no-dupe-else-if': 'error',
  'no-dupe-keys': 'error',
  'no-duplicate-imports': 'error',
  'no-empty': 'error',
  'no-empty-pattern': 'error',
  'no-eval': 'error',
  'no-fallthrough': 'error',
  'no-func-assign': 'error',
  'no-global-assign': 'error',
  'no-import-assign': 'error',
  'no-invalid-regexp': 'error',
  'no-irregular-whitespace': 'error',
  'no-loss-of-precision': 'error',
  'no-redeclare': 'error',
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-this-before-super': 'error',
  'no-undef': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-unsafe-negation': 'error',
  'no-unused-vars': 'error',
  'no-useless-escape': 'error',
  'no-useless-return': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'use-isnan': 'error',
  'valid-typeof': 'error',
};

export default [
  {linterOptions: {reportUnusedDisableDirectives: 'error'}, rules},
  {files: ['src/main/resources/page/*.js'], languageOptions: {globals: readonly(shared + ' document window location history localStorage sessionStorage createImageBitmap ImageData Blob BroadcastChannel TextEncoder TextDecoder atob btoa setInterval clearInterval navigator File getSelection')}},
  {files: ['src/main/resources/page/texts.js'], rules: {'max-lines': 'off'}}, // a table
  {files: ['src/test/js/*.js'], languageOptions: {globals: readonly(shared + ' globalThis EventTarget Event Response')}},
];
