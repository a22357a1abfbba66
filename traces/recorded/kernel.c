/* Attention of one head, row by row, in floats: what the loops of a textbook touch. */
#include <math.h>
#include <stdio.h>

enum { N = 48, D = 16 };
static float q[N][D], k[N][D], v[N][D], o[N][D];

int main(void) {
    for (int i = 0; i < N; i++)
        for (int e = 0; e < D; e++) {
            q[i][e] = (float)((i * 7 + e * 3) % 11) / 11;
            k[i][e] = (float)((i * 5 + e * 2) % 13) / 13;
            v[i][e] = (float)((i * 3 + e) % 17) / 17;
        }
    for (int i = 0; i < N; i++) {
        float sum = 0;
        for (int j = 0; j < N; j++) {
            float s = 0;
            for (int e = 0; e < D; e++) s += q[i][e] * k[j][e];
            s = expf(s);
            sum += s;
            for (int e = 0; e < D; e++) o[i][e] += s * v[j][e];
        }
        for (int e = 0; e < D; e++) o[i][e] /= sum;
    }
    float all = 0;
    for (int i = 0; i < N; i++)
        for (int e = 0; e < D; e++) all += o[i][e];
    printf("%.3f\n", all);
    return 0;
}
