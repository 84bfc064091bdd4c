/** Classes that break every rule of {@code ArchitectureTest}, to see each rule fail. */
package dev.graft.system.violation;
