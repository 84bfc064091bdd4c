package dev.graft.testing;

import dev.graft.library.Links;

/** Links that say what they are for; nothing listens at them. */
public final class InMemoryLinks implements Links {
    @Override
    public String toRead(String key) {
        return "https://images.example/" + key + "?read";
    }

    @Override
    public String toWrite(String key) {
        return "https://images.example/" + key + "?write";
    }

    @Override
    public String uri(String key) {
        return "s3://images/" + key;
    }
}
