@NullMarked
package org.sparkprop;

import org.jspecify.annotations.NullMarked;
