#!/bin/sh
# Draws a classifier of handwritten digits from nothing, trains it and prints Keras's History. Needs curl, nothing else.
#   docs/curl/train_digits.sh [ADDRESS] [EPOCHS]        LAYERLOOM_TOKEN is sent where it is set
set -eu

address=${1:-http://127.0.0.1:8000}
epochs=${2:-10}

# Sends a request; prints the answer. A refusal is a problem document, which says what was wrong.
call() {
  method=$1 path=$2
  shift 2
  answer=$(curl --silent --show-error --max-time 120 --write-out '\n%{http_code}' --request "$method" \
    ${LAYERLOOM_TOKEN:+--header "Authorization: Bearer $LAYERLOOM_TOKEN"} \
    --header 'Content-Type: application/json' "$@" "$address/api$path")
  status=$(printf '%s\n' "$answer" | tail -n 1)
  body=$(printf '%s\n' "$answer" | sed '$d')
  case $status in
    2??) printf '%s\n' "$body" ;;
    *) printf '%s %s answered %s: %s\n' "$method" "$path" "$status" "$body" >&2; exit 1 ;;
  esac
}

# The value of a text field of the answer that comes in: enough JSON for ids and statuses.
field() {
  sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

echo '1. A model, empty'
model=$(call POST /models --data '{"name": "Digits by curl"}' | sed 's/,.*//' | field id)
graph=/models/$model/graph

echo '2. Its layers, each called once, and the edges between the calls'
add() {
  call POST "$graph/layers" --data "{\"id\": \"$1\", \"class_name\": \"$2\", \"config\": $3}" >/dev/null
  call POST "$graph/nodes" --data "{\"id\": \"$1\", \"layer\": \"$1\"}" >/dev/null
}
connect() {
  call POST "$graph/edges" --data "{\"id\": \"$1-$2\", \"source\": \"$1\", \"target\": \"$2\"}" >/dev/null
}
add image InputLayer '{"shape": [8, 8, 1]}'
add pixels Flatten '{}'
add hidden Dense '{"units": 64, "activation": "relu"}'
add digit Dense '{"units": 10, "activation": "softmax"}'
connect image pixels
connect pixels hidden
connect hidden digit

echo '3. The check: real shapes and parameters, from Keras'
call POST "/models/$model/check"

config='{
  "data": {"dataset": "digits"},
  "compile": {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
  "fit": {"epochs": '$epochs', "batch_size": 32, "validation_split": 0.2}
}'
echo '4. The training, checked together with the graph'
call POST "/models/$model/compile" --data "$config" | sed 's/.*"summary":/{"summary":/'

echo '5. The training'
run=$(call POST /runs --data "{\"model_id\": \"$model\", \"config\": $config}" | sed 's/,.*//' | field id)
status=queued
while [ "$status" = queued ] || [ "$status" = running ]; do
  sleep 1
  status=$(call GET "/runs/$run" | field status)
done
echo "   $status"
if [ "$status" != finished ]; then
  call GET "/runs/$run" >&2
  exit 1
fi

echo "6. Keras's History"
call GET "/runs/$run/history"
