package dev.graft.system.violation;

/** Says again what is said in one file alone, and numbers as the country of the machine does. */
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

    String prefix() {
        return "images/";
    }

    String numbers() {
        return "%.2f".formatted(0.5) + String.format("%d", 1);
    }
}
