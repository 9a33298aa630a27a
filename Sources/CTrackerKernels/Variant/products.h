// Products of matrices, in blocks that live in registers: ROWS rows by up to PANEL registers.
//
// A matrix that is multiplied by is packed into panels of up to PANEL registers of columns, each panel
// row after row, so that a product reads it from the first to the last element. Large matrices are gone
// through in slices that stay in the first cache (32 KB) while they are used again and again, as a whole
// chunk's slice of the other factor stays in the second (512 KB).

/// The registers of the next panel when `left` are left; no panel of one where two of two do.
INLINE int panel_vectors(int left) { return left == PANEL + 1 ? 2 : left < PANEL ? left : PANEL; }

/// out[r][·] = first[·] + Σ_k a[r][k] b[k][·] for `rows` rows and `vectors` registers of columns; `first` may
/// be NULL. One that continues adds to what is in `out` instead.
INLINE void product_block(const int rows, const int vectors, int inner, const double *a,
                          size_t a_stride, const double *b, const double *first,
                          bool continues, double *out, size_t out_stride) {
  Register sums[ROWS][PANEL];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++)
      sums[r][v] = continues ? load_register(out + (size_t)r * out_stride + v * WIDTH)
                   : first   ? load_register(first + v * WIDTH)
                             : (Register){};
  for (int k = 0; k < inner; k++) {
    Register row[PANEL];
    for (int v = 0; v < vectors; v++) row[v] = load_register(b + v * WIDTH);
    b += vectors * WIDTH;
    for (int r = 0; r < rows; r++) {
      Register factor = fill_register(a[(size_t)r * a_stride + (size_t)k]);
      for (int v = 0; v < vectors; v++) sums[r][v] += factor * row[v];
    }
  }
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) store_register(out + (size_t)r * out_stride + v * WIDTH, sums[r][v]);
}

/// out[k][·] = Σ_r a[r][k] d[r][·] for `columns` columns of a and `vectors` registers of columns of d. One that continues
/// adds to what is in `out` instead.
INLINE void gradient_block(const int columns, const int vectors, int rows, const double *a,
                           size_t a_stride, const double *d, size_t d_stride, bool continues,
                           double *out, size_t out_stride) {
  Register sums[ROWS][PANEL];
  for (int k = 0; k < columns; k++)
    for (int v = 0; v < vectors; v++)
      sums[k][v] = continues ? load_register(out + (size_t)k * out_stride + v * WIDTH) : (Register){};
  // The next block's sums: where a matrix is large they lie far away, or another core has read them, and the loop below is
  // too short to fetch them meanwhile.
  for (int k = 0; k < columns; k++)
    for (int v = 0; v < vectors; v++)
      __builtin_prefetch(out + (size_t)(k + columns) * out_stride + v * WIDTH, 1);
  for (int r = 0; r < rows; r++) {
    Register row[PANEL];
    for (int v = 0; v < vectors; v++) row[v] = load_register(d + v * WIDTH);
    for (int k = 0; k < columns; k++) {
      Register factor = fill_register(a[k]);
      for (int v = 0; v < vectors; v++) sums[k][v] += factor * row[v];
    }
    d += d_stride;
    a += a_stride;
  }
  for (int k = 0; k < columns; k++)
    for (int v = 0; v < vectors; v++)
      store_register(out + (size_t)k * out_stride + v * WIDTH, sums[k][v]);
}

// A block's size is a constant to the compiler, so that its sums stay in registers.
#define WITH_CONSTANT_VECTORS(rows, vectors, BLOCK) \
  switch (vectors) {                                \
    case 1: BLOCK(rows, 1); break;                  \
    case 2: BLOCK(rows, 2); break;                  \
    default: BLOCK(rows, PANEL); break;             \
  }

/// Rows of a packed panel that are multiplied by at once: half of a first cache.
enum { INNER_ROWS = 16384 / (PANEL * WIDTH * 8) };

/// out = [first] + a · packed, for all columns. `panels` may begin with a row that is added to each row
/// of the product.
static void multiply(int rows, int inner, int columns, const double *a, size_t a_stride,
                     const double *panels, bool has_bias, bool add_bias, double *out,
                     size_t out_stride) {
  for (int begin = 0; begin < inner; begin += INNER_ROWS) {
    int count_ = inner - begin < INNER_ROWS ? inner - begin : INNER_ROWS;
    int left = (columns + WIDTH - 1) / WIDTH;
    const double *panel = panels;
    size_t column = 0;
    while (left > 0) {
      int vectors = panel_vectors(left);
      const double *first = add_bias ? panel : NULL;
      const double *b = panel + (size_t)(begin + has_bias) * (size_t)(vectors * WIDTH);
      bool continues = begin > 0;
      int r = 0;
#define BLOCK(R, V)                                                                            \
  product_block(R, V, count_, a + (size_t)r * a_stride + begin, a_stride, b, first, continues, \
                out + (size_t)r * out_stride + column, out_stride)
      for (; r + ROWS <= rows; r += ROWS) WITH_CONSTANT_VECTORS(ROWS, vectors, BLOCK)
      for (; r + ROWS / 2 <= rows; r += ROWS / 2) WITH_CONSTANT_VECTORS(ROWS / 2, vectors, BLOCK)
      for (; r < rows; r++) WITH_CONSTANT_VECTORS(1, vectors, BLOCK)
#undef BLOCK
      panel += (size_t)(inner + has_bias) * (size_t)(vectors * WIDTH);
      column += (size_t)(vectors * WIDTH);
      left -= vectors;
    }
  }
}

/// Columns of a that are gone through for all of d at once: those of a whole chunk fill half of a first cache.
enum { TILE_COLUMNS = 32 };

/// out = aᵀ · d, for all columns of a and of d. One that continues adds to what is in `out` instead.
static void accumulate(int rows, int a_columns, int d_columns, const double *a, size_t a_stride,
                       const double *d, size_t d_stride, bool continues, double *out,
                       size_t out_stride) {
  for (int begin = 0; begin < a_columns; begin += TILE_COLUMNS) {
    int end = a_columns - begin < TILE_COLUMNS ? a_columns : begin + TILE_COLUMNS;
    int left = (d_columns + WIDTH - 1) / WIDTH;
    size_t column = 0;
    while (left > 0) {
      int vectors = panel_vectors(left);
      int k = begin;
#define BLOCK(R, V)                                                                    \
  gradient_block(R, V, rows, a + k, a_stride, d + column, d_stride, continues, \
                 out + (size_t)k * out_stride + column, out_stride)
      for (; k + ROWS <= end; k += ROWS) WITH_CONSTANT_VECTORS(ROWS, vectors, BLOCK)
      for (; k + ROWS / 2 <= end; k += ROWS / 2) WITH_CONSTANT_VECTORS(ROWS / 2, vectors, BLOCK)
      for (; k < end; k++) WITH_CONSTANT_VECTORS(1, vectors, BLOCK)
#undef BLOCK
      column += (size_t)(vectors * WIDTH);
      left -= vectors;
    }
  }
}

/// Packs the row-major `rows` × `columns` matrix into panels, columns filled up with zeros.
static void pack(const double *matrix, int rows, int columns, double *panels) {
  int column = 0;
  int left = (columns + WIDTH - 1) / WIDTH;
  while (left > 0) {
    int width = panel_vectors(left) * WIDTH;
    int used = columns - column < width ? columns - column : width;
    for (int r = 0; r < rows; r++) {
      const double *from = matrix + (size_t)r * (size_t)columns + column;
      // Other cores have read what is there: it is taken from them a few rows before it is written.
      for (int c = 0; c < width; c += WIDTH) __builtin_prefetch(panels + 4 * width + c, 1);
      if (used == PANEL * WIDTH) {
        for (int c = 0; c < PANEL * WIDTH; c += WIDTH) store_register(panels + c, load_register(from + c));
      } else {
        for (int c = 0; c < used; c++) panels[c] = from[c];
        for (int c = used; c < width; c++) panels[c] = 0;
      }
      panels += width;
    }
    column += width;
    left -= width / WIDTH;
  }
}

/// Packs the transpose of the row-major `rows` × `columns` matrix.
static void pack_transposed(const double *matrix, int rows, int columns, double *panels) {
  int row = 0;
  int left = (rows + WIDTH - 1) / WIDTH;
  while (left > 0) {
    int width = panel_vectors(left) * WIDTH;
    int used = rows - row < width ? rows - row : width;
    for (int c = 0; c < columns; c++) {
      const double *from = matrix + (size_t)row * (size_t)columns + c;
      for (int r = 0; r < used; r++) panels[r] = from[(size_t)r * (size_t)columns];
      for (int r = used; r < width; r++) panels[r] = 0;
      panels += width;
    }
    row += width;
    left -= width / WIDTH;
  }
}
