#!/bin/sh
# Put everything that an installation without internet needs into one folder: all images, the compose file, and checksums.
# Usage: sh deploy/bundle.sh [FOLDER]; then carry the folder over and run `sh load.sh` in it.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-bundle}
# The settings are not needed to name the images, but the compose file asks for them.
settings=$(mktemp)
trap 'rm -f "$settings"' EXIT
sed -n 's/^\([A-Z_]*\)=.*/\1=x/p' .env.example > "$settings"
compose="docker compose --env-file $settings"
mkdir -p "$folder"
$compose build
images=$($compose config --images | sort -u)
for image in $images; do
	case $image in
		governance:*) ;;
		*) docker pull "$image" ;;
	esac
done
# shellcheck disable=SC2086 # one word for each image
docker save $images | gzip > "$folder/images.tar.gz"
cp docker-compose.yml .env.example "$folder/"
mkdir -p "$folder/deploy"
cp deploy/Caddyfile "$folder/deploy/"
cp deploy/load.sh "$folder/"
(cd "$folder" && find . -type f ! -name SHA256SUMS ! -name .env | sort | xargs sha256sum > SHA256SUMS)
echo "$folder: $(echo "$images" | wc -l) 个镜像 images, $(du -sh "$folder" | cut -f1)"
