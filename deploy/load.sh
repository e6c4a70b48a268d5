#!/bin/sh
# Check the bundle in this folder and load its images. The running platform is not changed; `docker compose up -d` does that.
set -eu
cd "$(dirname "$0")"
sha256sum --check --quiet SHA256SUMS || {
	echo "校验不符，没有载入；请重新拷贝 checksums differ, nothing was loaded" >&2
	exit 1
}
# The present image stays under another name, to go back to it.
if docker image inspect governance:latest > /dev/null 2>&1; then
	docker tag governance:latest governance:previous
fi
gzip -dc images.tar.gz | docker load
echo "已载入 loaded. 填好 .env 后执行 docker compose up -d"
