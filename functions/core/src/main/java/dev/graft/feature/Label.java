package dev.graft.feature;

/**
 * The class of an image.
 *
 * @param name what people call the class
 * @param source who says so
 */
public record Label(String name, LabelSource source) {}
