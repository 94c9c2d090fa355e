package org.sparkprop.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.model.BlasOfJvm;
import org.sparkprop.spark.FloatVector;
import scala.Tuple2;

/**
 * What a task gives back: the nodes that cover its slices, how long it has computed, and with which
 * BLAS. It is written once, after which its buffers are free for the next task.
 */
@DefaultSerializer(JavaSerializer.class)
final class TaskSums implements Externalizable {
  private List<Node<Sums>> nodes;
  private long nanos;
  private Set<BlasOfJvm> blas;

  /** For deserialisation only. */
  public TaskSums() {
    this(List.of(), 0, Set.of());
  }

  /**
   * @param blas of the JVMs whose sums these are: that of the task, or of all that were added up
   */
  TaskSums(List<Node<Sums>> nodes, long nanos, Set<BlasOfJvm> blas) {
    this.nodes = nodes;
    this.nanos = nanos;
    this.blas = blas;
  }

  List<Node<Sums>> nodes() {
    return nodes;
  }

  long nanos() {
    return nanos;
  }

  Set<BlasOfJvm> blas() {
    return blas;
  }

  /** These sums in as many pieces as there are ranges: each with a range of every vector. */
  Iterator<Tuple2<Integer, TaskSums>> cut(int ranges) {
    return IntStream.range(0, ranges)
        .mapToObj(range -> new Tuple2<>(range, new TaskSums(cut(range, ranges), nanos, blas)))
        .iterator();
  }

  private List<Node<Sums>> cut(int range, int ranges) {
    List<Node<Sums>> cut = new ArrayList<>();
    for (Node<Sums> node : nodes) {
      Sums sums = node.sum();
      float[][] vectors = new float[sums.vectors().length][];
      for (int v = 0; v < vectors.length; v++) {
        int from = start(range, ranges, sums.vectors()[v].length);
        vectors[v] = Buffers.take(start(range + 1, ranges, sums.vectors()[v].length) - from);
        System.arraycopy(sums.vectors()[v], from, vectors[v], 0, vectors[v].length);
      }
      // The first piece has the counts, too.
      double loss = range == 0 ? sums.loss() : 0;
      long rows = range == 0 ? sums.rows() : 0;
      double weight = range == 0 ? sums.weight() : 0;
      cut.add(new Node<>(node.level(), node.index(), new Sums(vectors, loss, rows, weight)));
    }
    return cut;
  }

  /** Joins what {@link #cut} has cut, each piece of one node, in the order of the ranges. */
  static TaskSums join(List<TaskSums> pieces) {
    List<Sums> sums = pieces.stream().map(piece -> piece.nodes().get(0).sum()).toList();
    float[][] vectors = new float[sums.get(0).vectors().length][];
    for (int v = 0; v < vectors.length; v++) {
      int vector = v;
      int length = sums.stream().mapToInt(piece -> piece.vectors()[vector].length).sum();
      vectors[v] = Buffers.take(length);
      int at = 0;
      for (Sums piece : sums) {
        float[] part = piece.vectors()[v];
        System.arraycopy(part, 0, vectors[v], at, part.length);
        at += part.length;
      }
    }
    Sums first = sums.get(0);
    long nanos = pieces.stream().mapToLong(TaskSums::nanos).max().orElse(0);
    Sums whole = new Sums(vectors, first.loss(), first.rows(), first.weight());
    Set<BlasOfJvm> blas =
        pieces.stream().flatMap(piece -> piece.blas().stream()).collect(Collectors.toSet());
    return new TaskSums(List.of(new Node<>(0, 0, whole)), nanos, blas);
  }

  private static int start(int range, int ranges, int length) {
    return (int) ((long) length * range / ranges);
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeLong(nanos);
    out.writeObject(blas.toArray(new BlasOfJvm[0]));
    out.writeInt(nodes.size());
    for (Node<Sums> node : nodes) {
      Sums sums = node.sum();
      out.writeInt(node.level());
      out.writeInt(node.index());
      out.writeDouble(sums.loss());
      out.writeLong(sums.rows());
      out.writeDouble(sums.weight());
      out.writeInt(sums.vectors().length);
      for (float[] vector : sums.vectors()) {
        out.writeInt(vector.length);
        FloatVector.write(vector, out);
      }
      sums.release();
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
    nanos = in.readLong();
    blas = Set.of((BlasOfJvm[]) in.readObject());
    int count = in.readInt();
    nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int level = in.readInt();
      int index = in.readInt();
      double loss = in.readDouble();
      long rows = in.readLong();
      double weight = in.readDouble();
      float[][] vectors = new float[in.readInt()][];
      for (int v = 0; v < vectors.length; v++) {
        vectors[v] = Buffers.take(in.readInt());
        FloatVector.read(vectors[v], in);
      }
      nodes.add(new Node<>(level, index, new Sums(vectors, loss, rows, weight)));
    }
  }
}
