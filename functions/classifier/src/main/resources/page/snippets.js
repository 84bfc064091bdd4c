/* Lines of programs that classify a picture here, ready to paste. */

const SCOPE = 'graft/classify';

/** `url` of the page, and the origin of `login` where a program needs a token of it. Gives the program by the name of its language. */
export const snippets = ({url, login}) => Object.fromEntries(
  [['curl', inShell], ['Python', inPython], ['JavaScript', inJavaScript], ['Java', inJava]]
    .map(([name, lines]) => [name, lines(url + 'classify', login && login + '/oauth2/token').join('\n') + '\n']));

const inShell = (url, login) => login ? [
  `TOKEN=$(curl -s -u "$GRAFT_CLIENT_ID:$GRAFT_CLIENT_SECRET" -d grant_type=client_credentials \\`,
  `  -d scope=${SCOPE} ${login} | tr -d '\\n' | sed 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/')`,
  `curl -H "authorization: Bearer $TOKEN" --data-binary @photo.jpg ${url}`,
] : [`curl --data-binary @photo.jpg ${url}`];

const inPython = (url, login) => [
  'import json',
  ...login ? ['import os', 'from base64 import b64encode', 'from urllib.parse import urlencode'] : [],
  'from urllib.request import Request, urlopen',
  '',
  ...login ? [
    'client = os.environ["GRAFT_CLIENT_ID"] + ":" + os.environ["GRAFT_CLIENT_SECRET"]',
    `form = urlencode({"grant_type": "client_credentials", "scope": "${SCOPE}"}).encode()`,
    'basic = {"Authorization": "Basic " + b64encode(client.encode()).decode()}',
    `token = json.load(urlopen(Request("${login}", form, basic)))["access_token"]`,
  ] : [],
  `headers = {"Content-Type": "application/octet-stream"${login ? ', "Authorization": "Bearer " + token' : ''}}`,
  'with open("photo.jpg", "rb") as photo:',
  `    answer = json.load(urlopen(Request("${url}", photo.read(), headers)))`,
  'print(answer["label"], answer["probabilities"][0]["probability"], answer["known"])',
];

const inJavaScript = (url, login) => [
  "import {readFile} from 'node:fs/promises'; // save as classify.mjs",
  '',
  ...login ? [
    "const client = process.env.GRAFT_CLIENT_ID + ':' + process.env.GRAFT_CLIENT_SECRET;",
    `const given = await fetch('${login}', {`,
    "  method: 'POST',",
    "  headers: {authorization: 'Basic ' + btoa(client)},",
    `  body: new URLSearchParams({grant_type: 'client_credentials', scope: '${SCOPE}'}),`,
    '});',
    'const {access_token: token} = await given.json();',
  ] : [],
  `const response = await fetch('${url}', {`,
  "  method: 'POST',",
  `  headers: {'content-type': 'application/octet-stream'${login ? ", authorization: 'Bearer ' + token" : ''}},`,
  "  body: await readFile('photo.jpg'),",
  '});',
  'const answer = await response.json();',
  'console.log(answer.label, answer.probabilities[0].probability, answer.known);',
];

const inJava = (url, login) => [
  'import java.net.URI;',
  'import java.net.http.*;',
  'import java.nio.file.Path;',
  ...login ? ['import java.util.Base64;'] : [],
  '',
  'public class Classify {',
  '    public static void main(String[] args) throws Exception {',
  '        HttpClient client = HttpClient.newHttpClient();',
  ...login ? [
    '        String id = System.getenv("GRAFT_CLIENT_ID") + ":" + System.getenv("GRAFT_CLIENT_SECRET");',
    `        HttpRequest login = HttpRequest.newBuilder(URI.create("${login}"))`,
    '                .header("authorization", "Basic " + Base64.getEncoder().encodeToString(id.getBytes()))',
    '                .header("content-type", "application/x-www-form-urlencoded")',
    '                .POST(HttpRequest.BodyPublishers.ofString(',
    `                        "grant_type=client_credentials&scope=${SCOPE}"))`,
    '                .build();',
    '        String token = client.send(login, HttpResponse.BodyHandlers.ofString()).body()',
    '                .replaceAll("(?s).*\\"access_token\\" *: *\\"([^\\"]*)\\".*", "$1");',
  ] : [],
  `        HttpRequest request = HttpRequest.newBuilder(URI.create("${url}"))`,
  '                .header("content-type", "application/octet-stream")',
  ...login ? ['                .header("authorization", "Bearer " + token)'] : [],
  '                .POST(HttpRequest.BodyPublishers.ofFile(Path.of("photo.jpg")))',
  '                .build();',
  '        System.out.println(client.send(request, HttpResponse.BodyHandlers.ofString()).body());',
  '    }',
  '}',
];
