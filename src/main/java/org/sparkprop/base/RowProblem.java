package org.sparkprop.base;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * Why a row cannot be used. It travels to the driver as a value, so that nothing is retried.
 *
 * @param row its number
 * @param message the whole line for the user
 */
@DefaultSerializer(JavaSerializer.class)
public record RowProblem(long row, String message) implements Serializable {}
