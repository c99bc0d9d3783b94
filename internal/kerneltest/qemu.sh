#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# qemu.sh KERNEL.deb PROGRAMS.deb... -- PACKAGE [TEST FLAGS]
#
# Runs the tests of a package on another kernel, in an emulator, as root. KERNEL.deb is a
# kernel of Debian's or Ubuntu's for amd64, arm64 or s390x (linux-image-*), PROGRAMS.deb
# are busybox-static, dash and libc6 for the same architecture:
#
#	apt-get download linux-image-6.1.0-56-cloud-amd64 busybox-static dash libc6
#	internal/kerneltest/qemu.sh *.deb -- ./seccomp -test.short -test.run 'TestListen'
#
# The exit status is that of the tests. It needs Go, qemu-system, cpio and dpkg-deb.
# SECONDS_MAX ends the machine after that many seconds (600), CPUS are its processors (2).
set -euo pipefail

debs=()
while (($#)) && [[ $1 != -- ]]; do
	debs+=("$(realpath "$1")")
	shift
done
((${#debs[@]} > 1 && $# > 1)) || { sed -n '4,15s/^# \{0,1\}//p' "$0"; exit 2; }
package=$2
shift 2

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
mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp,root,usr/bin}
for deb in "${debs[@]}"; do
	if [[ $deb == "$kernel" ]]; then
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work" ./boot
	else
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink --exclude=./usr/share
	fi
done
CGO_ENABLED=0 GOOS=linux GOARCH=$machine go test -c -o "$root/test" "$package"
ln -sf dash "$root/bin/sh"
printf '#!/bin/sh\n/lib*/ld*.so.[12] --list "$@" 2>/dev/null || echo "statically linked"\n' >"$root/bin/ldd"
printf 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
printf '%q ' /test "$@" >"$root/run"
cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin HOME=/root
ln -s /bin/env /usr/bin/env
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs -o mode=1777 tmp /tmp
uname -rm
cd /tmp
sh /run 2>&1
echo "status $?"
reboot -f
INIT
chmod 755 "$root/init" "$root/bin/ldd"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"

timeout "${SECONDS_MAX:-600}" "${qemu[@]}" -nographic -nodefaults -no-reboot -monitor none -m 1500 -smp "${CPUS:-2}" \
	-kernel "$work"/boot/vmlinu[xz]-* -initrd "$work/initrd" \
	-append "console=$console panic=-1 quiet random.trust_cpu=on" </dev/null | sed -u 's/\r$//' | tee "$work/console"
exit "$(awk '/^status [0-9]+$/ {s = $2} END {print s == "" ? 1 : s}' "$work/console")"
