package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's modules as one script. */
class ScriptBundleTest {
    private static String bundle(Map<String, String> modules) {
        return ScriptBundle.of("app.js", modules::get);
    }

    private static String refusal(Map<String, String> modules) {
        return assertThrows(IllegalStateException.class, () -> bundle(modules)).getMessage();
    }

    @Test
    void joinsEachModuleOnceAfterThoseItImports() {
        String script =
                bundle(
                        Map.of(
                                "app.js",
                                "import {b} from './b.js';\nimport {\n  c,\n  D,\n} from './c.js';\n\nb(c, D);\n",
                                "b.js",
                                "import {c} from './c.js';\nexport async function b() { return c; }\n",
                                "c.js",
                                "const x = 1;\nexport const c = x;\nexport class D {}\n"));
        assertEquals(
                """
                // c.js
                const x = 1;
                const c = x;
                class D {}

                // b.js
                async function b() { return c; }

                // app.js
                b(c, D);

                """,
                script);
    }

    @Test
    void namesTheModulesOfACircle() {
        String message =
                refusal(
                        Map.of(
                                "app.js", "import {b} from './b.js';\n",
                                "b.js", "import {c} from './c.js';\nexport const b = 1;\n",
                                "c.js", "import {b} from './b.js';\nexport const c = 1;\n"));
        assertTrue(message.endsWith("b.js -> c.js -> b.js"), message);
    }

    @Test
    void refusesANameThatTwoModulesDeclare() {
        String message =
                refusal(
                        Map.of(
                                "app.js", "import {b} from './b.js';\nfunction mine() {}\n",
                                "b.js", "let mine = 2;\nexport const b = mine;\n"));
        assertTrue(message.startsWith("b.js and app.js both declare mine"), message);
    }

    @Test
    void refusesToImportWhatIsNotExported() {
        String message =
                refusal(
                        Map.of(
                                "app.js", "import {b, hidden} from './b.js';\n",
                                "b.js", "const hidden = 1;\nexport const b = hidden;\n"));
        assertEquals("app.js imports hidden from b.js, which exports only [b]", message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export default function () {}",
                "export {b};",
                "export * from './b.js';",
                "export var b = 1;",
                "var b = 1;",
                "const {a, b} = c;",
                "import b from './b.js';",
                "import * as b from './b.js';",
                "import {b as c} from './b.js';",
                "import {b} from \"./b.js\";",
                "import {b} from 'b';",
                "import {b} from '../b.js';",
                "import './b.js';",
                "  import {b} from './b.js';",
                "const b = await import('./b.js');",
                "const b = import.meta.url;",
                "const b = '</SCRIPT>';",
                "const b = '<!--';"
            })
    void refusesWhatCannotBeJoined(String line) {
        String message = refusal(Map.of("app.js", "// a module\n" + line + "\n"));
        assertTrue(message.matches("app\\.js: \".+\" cannot be joined .+"), message);
        String named = message.substring("app.js: \"".length(), message.indexOf("\" cannot"));
        assertTrue(line.contains(named), message);
    }

    @Test
    void joinsThePage() {
        String script = ScriptBundle.of("app.js", name -> Page.text("/page/" + name));
        assertTrue(script.contains("\nasync function api("), "the API's module is missing");
        assertTrue(script.indexOf("const texts") < script.indexOf("function classifyView"));
    }
}
