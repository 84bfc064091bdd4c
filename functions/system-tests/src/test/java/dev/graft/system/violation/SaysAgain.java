package dev.graft.system.violation;

/** Says again what is said in one file alone; breaks every rule of {@code SourceTest}. */
record SaysAgain(String hash) {
    String id() {
        return hash + "-p" + 1;
    }

    String hashOfId() {
        return id().substring(0, 64);
    }

    String key() {
        return "graft.name";
    }
}
