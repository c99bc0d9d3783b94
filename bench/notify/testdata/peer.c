// SPDX-License-Identifier: Apache-2.0

// A supervised program and the smallest supervisor for it, to measure others by.
//
//   peer target CALLS [sync]   asks about getppid: sends its listener through
//                              descriptor 3, waits for a byte there, makes the
//                              calls and prints the nanoseconds of one
//   peer supervise             takes a listener from descriptor 3 and lets each
//                              call continue, until no process is left

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SOCKET = 3 };

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS // Linux 6.6
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void message(int *fd, int sends)
{
	char byte = 0, control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec data = {&byte, 1};
	struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	if (sends) {
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		*c = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
		memcpy(CMSG_DATA(c), fd, sizeof(int));
		if (sendmsg(SOCKET, &m, 0) != 1)
			fail("sendmsg");
		return;
	}
	if (recvmsg(SOCKET, &m, 0) != 1 || !CMSG_FIRSTHDR(&m))
		fail("recvmsg");
	memcpy(fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(int));
}

static int target(long calls, int sync)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {sizeof code / sizeof *code, code};
	struct timespec a, b;
	char byte;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		fail("no_new_privs");
	int fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
	if (fd < 0)
		fail("seccomp");
	if (sync && ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP))
		fail("sync wake-up");
	message(&fd, 1);
	close(fd);
	if (read(SOCKET, &byte, 1) != 1)
		fail("read");
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (long i = 0; i < calls; i++)
		if (syscall(SYS_getppid) < 0)
			fail("getppid");
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%.1f\n", ((b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec)) / calls);
	return 0;
}

static int supervise(void)
{
	int fd;
	struct seccomp_notif_sizes sizes;
	message(&fd, 0);
	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes))
		fail("sizes");
	struct seccomp_notif *n = malloc(sizes.seccomp_notif);
	struct seccomp_notif_resp *r = malloc(sizes.seccomp_notif_resp);
	if (write(SOCKET, "", 1) != 1)
		fail("write");
	for (;;) {
		memset(n, 0, sizes.seccomp_notif);
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, n)) {
			if (errno == EINTR)
				continue;
			return errno != ENOENT; // all have ended, Linux 6.11
		}
		memset(r, 0, sizes.seccomp_notif_resp);
		r->id = n->id;
		r->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, r) && errno != ENOENT)
			fail("send");
	}
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "target"))
		return target(atol(argv[2]), argc > 3);
	if (argc > 1 && !strcmp(argv[1], "supervise"))
		return supervise();
	fprintf(stderr, "usage: peer target CALLS [sync] | peer supervise\n");
	return 2;
}
