// What Go's own library makes of each secret: name of the encoder → text.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"os"
	"strconv"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func marshal(value any) string {
	text, err := json.Marshal(value)
	must(err)
	return string(text)
}

func escapeXML(text string) string {
	var out bytes.Buffer
	must(xml.EscapeText(&out, []byte(text)))
	return out.String()
}

func main() {
	file, err := os.ReadFile(os.Args[1])
	must(err)
	var secrets []string
	must(json.Unmarshal(file, &secrets))

	vectors := [][]string{}
	for _, s := range secrets {
		address := url.URL{Scheme: "postgres", User: url.UserPassword("user", s), Host: "db", Path: "/x"}
		for name, text := range map[string]string{
			"url.UserPassword":      address.String(),
			"url.QueryEscape":       url.QueryEscape(s),
			"url.PathEscape":        url.PathEscape(s),
			"url.Values":            url.Values{"token": {s}}.Encode(),
			"json.Marshal":          marshal(map[string]string{"password": s}),
			"json in json":          marshal(map[string]string{"msg": marshal(map[string]string{"password": s})}),
			"url in json":           marshal(map[string]string{"dsn": address.String()}),
			"%q":                    fmt.Sprintf("%q", s),
			"%+q":                   fmt.Sprintf("%+q", s),
			"%x":                    fmt.Sprintf("%x", s),
			"% X":                   fmt.Sprintf("% X", s),
			"strconv.QuoteToASCII":  strconv.QuoteToASCII(s),
			"html.EscapeString":     html.EscapeString(s),
			"template.JSEscape":     template.JSEscapeString(s),
			"template.HTMLEscape":   template.HTMLEscapeString(s),
			"xml.EscapeText":        escapeXML(s),
			"base64.StdEncoding":    base64.StdEncoding.EncodeToString([]byte("user:" + s)),
			"base64.RawURLEncoding": base64.RawURLEncoding.EncodeToString([]byte("ab:" + s)),
			"hex.EncodeToString":    hex.EncodeToString([]byte(s)),
		} {
			vectors = append(vectors, []string{name, s, text})
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(vectors))
}
