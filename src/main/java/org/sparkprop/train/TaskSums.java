package org.sparkprop.train;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.List;
import org.sparkprop.model.FloatVector;
import org.sparkprop.train.ReductionTree.Node;

/**
 * What a task gives back: the nodes that cover its slices, and how long it has computed. It is
 * written once, after which its buffers are free for the next task.
 */
final class TaskSums implements Externalizable {
  private List<Node> nodes;
  private long nanos;

  /** For deserialisation only. */
  public TaskSums() {
    this(List.of(), 0);
  }

  TaskSums(List<Node> nodes, long nanos) {
    this.nodes = nodes;
    this.nanos = nanos;
  }

  List<Node> nodes() {
    return nodes;
  }

  long nanos() {
    return nanos;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeLong(nanos);
    out.writeInt(nodes.size());
    for (Node node : nodes) {
      Sums sums = node.sums();
      out.writeInt(node.level());
      out.writeInt(node.index());
      out.writeDouble(sums.loss());
      out.writeLong(sums.rows());
      out.writeInt(sums.vectors().length);
      for (float[] vector : sums.vectors()) {
        out.writeInt(vector.length);
        FloatVector.write(vector, out);
      }
      sums.giveBack();
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    nanos = in.readLong();
    int count = in.readInt();
    nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int level = in.readInt();
      int index = in.readInt();
      double loss = in.readDouble();
      long rows = in.readLong();
      float[][] vectors = new float[in.readInt()][];
      for (int v = 0; v < vectors.length; v++) {
        vectors[v] = Buffers.take(in.readInt());
        FloatVector.read(vectors[v], in);
      }
      nodes.add(new Node(level, index, new Sums(vectors, loss, rows)));
    }
  }
}
