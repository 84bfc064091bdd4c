package dev.graft.classifier;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins the ES modules of the page into one inline script: each module once, after those it
 * imports, which is the order in which a browser would run them (ECMA-262, section 16.2.1.6).
 *
 * <p>The modules then share one scope. So that this changes nothing, they are held to a part of the
 * language, and whatever is outside it is refused: {@code import {a, b} from './file.js';} and
 * {@code export} in front of a function, class or variable, each at the beginning of a line; no two
 * modules declare the same name at their top level, and no modules import each other in a circle.
 * That every name in use was imported is left to the linter.
 */
final class ScriptBundle {
    private static final Pattern IMPORT =
            Pattern.compile(
                    "^import \\{(\\s*[\\w$]+(?:\\s*,\\s*[\\w$]+)*,?\\s*)} from '\\./([\\w-]+\\.js)';\\R",
                    Pattern.MULTILINE);

    private static final Pattern DECLARATION =
            Pattern.compile(
                    "^(export )?(?:(?:async )?function\\*? |class |const |let )([\\w$]+)",
                    Pattern.MULTILINE);

    /** What no rule above covers: other imports and exports, and variables without one name. */
    private static final Pattern REFUSED =
            Pattern.compile(
                    "^[ \\t]*(?:import|export)\\b.*|^(?:const|let) *[\\[{].*|^var\\b.*|\\bimport *[(.].*",
                    Pattern.MULTILINE);

    /** What would end the script element (HTML, section 4.12.1.3). */
    private static final Pattern MARKUP =
            Pattern.compile("</script|<!--|<script", Pattern.CASE_INSENSITIVE);

    private final UnaryOperator<String> source;
    private final Map<String, Set<String>> exports = new LinkedHashMap<>();
    private final Map<String, String> declaredIn = new LinkedHashMap<>();
    private final StringBuilder script = new StringBuilder();

    private ScriptBundle(UnaryOperator<String> source) {
        this.source = source;
    }

    /**
     * The script.
     *
     * @param entry name of the module that starts the page
     * @param source the text of a module by its name
     * @throws IllegalStateException if a module is outside the part of the language above; the
     *     message names it
     */
    static String of(String entry, UnaryOperator<String> source) {
        var bundle = new ScriptBundle(source);
        bundle.add(entry, List.of());
        return bundle.script.toString();
    }

    private void add(String name, List<String> importers) {
        if (importers.contains(name)) {
            String circle =
                    String.join(
                            " -> ", importers.subList(importers.indexOf(name), importers.size()));
            throw new IllegalStateException(
                    "modules import each other in a circle: " + circle + " -> " + name);
        }
        if (exports.containsKey(name)) {
            return;
        }
        String text = source.apply(name);
        var path = new ArrayList<>(importers);
        path.add(name);
        Matcher imports = IMPORT.matcher(text);
        while (imports.find()) {
            String from = imports.group(2);
            add(from, path);
            checkExported(name, imports.group(1), from);
        }
        String body = imports.replaceAll("");
        exports.put(name, declarations(name, body));
        append(name, DECLARATION.matcher(body).replaceAll(ScriptBundle::withoutExport));
    }

    private void checkExported(String name, String names, String from) {
        Set<String> exported = exports.getOrDefault(from, Set.of());
        for (String imported : names.strip().split("\\s*,\\s*")) {
            if (!exported.contains(imported)) {
                throw new IllegalStateException(
                        "%s imports %s from %s, which exports only %s"
                                .formatted(name, imported, from, exported));
            }
        }
    }

    /** The names that a module exports; all that it declares are taken from now on. */
    private Set<String> declarations(String name, String body) {
        var exported = new LinkedHashSet<String>();
        Matcher declaration = DECLARATION.matcher(body);
        while (declaration.find()) {
            String declared = declaration.group(2);
            String other = declaredIn.put(declared, name);
            if (other != null) {
                throw new IllegalStateException(
                        "%s and %s both declare %s at their top level: rename one of them"
                                .formatted(other, name, declared));
            }
            if (declaration.group(1) != null) {
                exported.add(declared);
            }
        }
        return exported;
    }

    private static String withoutExport(MatchResult declaration) {
        String text = declaration.group();
        String exported = declaration.group(1);
        return Matcher.quoteReplacement(
                exported == null ? text : text.substring(exported.length()));
    }

    private void append(String name, String text) {
        for (Pattern pattern : List.of(REFUSED, MARKUP)) {
            Matcher refused = pattern.matcher(text);
            if (refused.find()) {
                throw new IllegalStateException(
                        "%s: \"%s\" cannot be joined with the other modules: see ScriptBundle for what can"
                                .formatted(name, refused.group().strip()));
            }
        }
        script.append("// ").append(name).append('\n').append(text.strip()).append("\n\n");
    }
}
