// Swift's module of the C library names hypotf, whose newest version asks for glibc 2.35; nothing calls it. The sum of
// squares of two floats is exact enough in a double, and cannot overflow there.
float hypotf(float x, float y) {
  double a = x, b = y;
  return (float)__builtin_sqrt(a * a + b * b);
}
