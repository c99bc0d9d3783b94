#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# qemu.sh KERNEL.deb PROGRAMS.deb... -- PACKAGE... [TEST FLAGS]
#
# Runs the tests of packages on another kernel, in an emulator, as root, each in its own
# folder as go test does. KERNEL.deb is a kernel of Debian's or Ubuntu's for amd64, arm64
# or s390x (linux-image-*), PROGRAMS.deb are busybox-static, dash and libc6 for the same
# architecture:
#
#	apt-get download linux-image-6.1.0-56-cloud-amd64 busybox-static dash libc6
#	internal/test/kerneltest/qemu.sh *.deb -- ./seccomp/notify -test.short -test.run 'TestListen'
#
# The exit status is that of the tests. It needs Go, qemu-system, cpio and dpkg-deb.
# SECONDS_MAX ends the machine after that many seconds (600), CPUS are its processors (2),
# APPEND are further parameters of the kernel: ia32_emulation=0 takes i386 from 6.7 on.
set -euo pipefail

debs=()
while (($#)) && [[ $1 != -- ]]; do
	debs+=("$(realpath "$1")")
	shift
done
((${#debs[@]} > 1 && $# > 1)) || { sed -n '4,17s/^# \{0,1\}//p' "$0"; exit 2; }
shift
packages=()
while (($#)) && [[ $1 != -* ]]; do
	packages+=("$1")
	shift
done

kernel=
for deb in "${debs[@]}"; do
	if [[ $(dpkg-deb -f "$deb" Package) == linux-image-* ]]; then
		kernel=$deb
	fi
done
machine=$(dpkg-deb -f "${kernel:?none of the packages is linux-image-*}" Architecture)
case $machine in
amd64) qemu=(qemu-system-x86_64 -M pc -cpu qemu64 -serial stdio) console=ttyS0 ;;
arm64) qemu=(qemu-system-aarch64 -M virt -cpu cortex-a57 -serial stdio) console=ttyAMA0 ;;
s390x) qemu=(qemu-system-s390x -M s390-ccw-virtio -chardev "stdio,id=c" -device "sclpconsole,chardev=c") console=ttysclp0 ;;
*) echo "qemu.sh: $machine: want a kernel for amd64, arm64 or s390x" >&2; exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{dev,etc,proc,sys,tmp,root,usr/{bin,sbin,lib,lib64}}
for folder in bin sbin lib lib64; do
	ln -s "usr/$folder" "$root/$folder"
done
for deb in "${debs[@]}"; do
	if [[ $deb == "$kernel" ]]; then
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work" ./boot
	else
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink --exclude=./usr/share
	fi
done
mkdir "$root/src"
git ls-files -z | xargs -0 cp --parents -t "$root/src"
for package in "${packages[@]}"; do
	folder=$(realpath --relative-to=. "$package")
	CGO_ENABLED=0 GOOS=linux GOARCH=$machine go test -c -o "$root/src/$folder/test" "$package"
	printf 'cd %q && echo %q && ./test%s || failed=1\n' "/src/$folder" "== $package" "$(printf ' %q' "$@")" >>"$root/run"
done
echo 'exit ${failed:-0}' >>"$root/run"
ln -sf dash "$root/bin/sh"
printf '#!/bin/sh\n/lib*/ld*.so.[12] --list "$@" 2>/dev/null || echo "statically linked"\n' >"$root/bin/ldd"
printf 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs -o mode=1777 tmp /tmp
uname -rm
sh /run 2>&1
echo "status $?"
reboot -f
INIT
chmod 755 "$root/init" "$root/bin/ldd"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"

timeout "${SECONDS_MAX:-600}" "${qemu[@]}" -nographic -nodefaults -no-reboot -monitor none -m 1500 -smp "${CPUS:-2}" \
	-kernel "$work"/boot/vmlinu[xz]-* -initrd "$work/initrd" \
	-append "console=$console panic=-1 quiet random.trust_cpu=on ${APPEND:-}" </dev/null | sed -u 's/\r$//' | tee "$work/console"
exit "$(awk '/^status [0-9]+$/ {s = $2} END {print s == "" ? 1 : s}' "$work/console")"
