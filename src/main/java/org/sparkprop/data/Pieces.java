package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Bytes that grow at their end, kept in arrays of at most {@value #PIECE} bytes. The G1 collector
 * gives an array from half a region on, which may be half a megabyte, whole regions of its own: of
 * single arrays, rows of a megabyte would take two each and fill a heap of which a third is free.
 */
@DefaultSerializer(JavaSerializer.class)
final class Pieces implements Serializable {
  static final int PIECE = 1 << 18;

  private byte[][] pieces = {};

  /** Bytes of all pieces but the last. */
  private long before;

  /** Bytes in use of the last piece. */
  private int inLast;

  /** Number of bytes. */
  long length() {
    return before + inLast;
  }

  /** Adds bytes at the end. */
  void append(byte[] from) {
    int done = 0;
    while (done < from.length) {
      byte[] last = lastWithRoomFor(from.length - done);
      int count = Math.min(from.length - done, last.length - inLast);
      System.arraycopy(from, done, last, inLast, count);
      inLast += count;
      done += count;
    }
  }

  /** The last piece, which has room for as many bytes as are wanted or grows no more. */
  private byte[] lastWithRoomFor(int wanted) {
    int end = pieces.length - 1;
    if (end < 0 || inLast == PIECE) {
      before += inLast;
      inLast = 0;
      pieces = Arrays.copyOf(pieces, pieces.length + 1);
      pieces[++end] = new byte[Math.min(wanted, PIECE)];
    } else if (pieces[end].length - inLast < wanted) {
      long grown = Math.max(2L * pieces[end].length, (long) inLast + wanted);
      pieces[end] = Arrays.copyOf(pieces[end], (int) Math.min(grown, PIECE));
    }
    return pieces[end];
  }

  /** Gives back what the last piece has grown beyond its bytes. */
  void trim() {
    if (pieces.length > 0) {
      pieces[pieces.length - 1] = Arrays.copyOf(pieces[pieces.length - 1], inLast);
    }
  }

  /** Copies bytes from a place on into an array. */
  void read(long from, byte[] into, int at, int count) {
    int done = 0;
    while (done < count) {
      byte[] piece = pieces[(int) ((from + done) / PIECE)];
      int start = (int) ((from + done) % PIECE);
      int some = Math.min(count - done, piece.length - start);
      System.arraycopy(piece, start, into, at + done, some);
      done += some;
    }
  }
}
