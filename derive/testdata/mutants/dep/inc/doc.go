package inc
