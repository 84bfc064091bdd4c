/** What the functions share on Lambda: environment, structured log and metrics, SnapStart. */
package dev.graft.lambda;
