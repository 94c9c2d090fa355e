package org.sparkprop.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * What is done between one broadcast and one update: steps {@code first} to below {@code first +
 * steps} of an epoch, counted from 0.
 *
 * @param epoch from 1
 */
@DefaultSerializer(JavaSerializer.class)
record Round(int epoch, long first, long steps) implements Serializable {}
