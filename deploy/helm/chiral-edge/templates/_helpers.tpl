{{- define "chiral-edge.name" -}}
app.kubernetes.io/name: chiral-edge
{{- end -}}

{{- define "chiral-edge.pods" -}}
{{- if .Values.autoscaling.enabled }}{{ .Values.autoscaling.maxReplicas }}{{ else }}{{ .Values.replicas }}{{ end -}}
{{- end -}}

{{- define "chiral-edge.config" -}}
{{- $common := dict "CHIRAL_DATA_DIR" "/data" "CHIRAL_ADDRESS_SCOPE" "public" "CHIRAL_RELAY_PRESET" "chiral" "CHIRAL_DRAIN_GRACE" "30s" "QUARKUS_MANAGEMENT_PORT" "9000" -}}
{{- range $key, $value := merge (deepCopy .Values.config) $common }}
{{ $key }}: {{ $value | toString | quote }}
{{- end -}}
{{- end -}}

{{- /* With the hash of what is in it, so that a change of a setting rolls the pods */ -}}
{{- define "chiral-edge.configName" -}}
chiral-edge-{{ include "chiral-edge.config" . | sha256sum | trunc 10 }}
{{- end -}}
