/**
 * Data sets that are fetched: once, checked by their hashes, and kept.
 *
 * <p>{@link org.sparkprop.data.source.fetch.DatasetCache} is its entry point; it asks one {@link
 * org.sparkprop.data.source.fetch.Fetcher} after the other.
 *
 * <p>It uses {@code base} alone. Begin with {@link org.sparkprop.data.source.fetch.DatasetCache}.
 */
@NullMarked
package org.sparkprop.data.source.fetch;

import org.jspecify.annotations.NullMarked;
