package dev.graft.feature;

import java.time.Instant;

/**
 * An object of a bucket without its bytes.
 *
 * @param key decoded
 * @param etag of these bytes, without quotes; empty where the bucket keeps none
 * @param modified when it was stored
 */
public record StoredObject(String key, String etag, Instant modified) {}
