package program

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

func codenookText(text string) string {
	if !utf8.ValidString(text) {
		return fmt.Sprintf(`{"b":"%x"}`, text)
	}
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

func codenookJoined(items []string) string {
	return "[" + strings.Join(items, ",") + "]"
}

// codenookTell is a value as JSON.
func codenookTell(value reflect.Value, shape codenookShape) string {
	if shape.kind == "char" && value.Kind() == reflect.Int32 && utf8.ValidRune(rune(value.Int())) {
		return codenookText(string(rune(value.Int())))
	}
	switch value.Kind() {
	case reflect.Invalid:
		return "null"
	case reflect.Bool:
		return strconv.FormatBool(value.Bool())
	case reflect.String:
		return codenookText(value.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return fmt.Sprintf(`{"i":"%d"}`, value.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return fmt.Sprintf(`{"i":"%d"}`, value.Uint())
	case reflect.Float32, reflect.Float64:
		return fmt.Sprintf(`{"f":"%s"}`, strconv.FormatFloat(value.Float(), 'g', -1, value.Type().Bits()))
	case reflect.Slice, reflect.Array:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			digits := ""
			for index := 0; index < value.Len(); index++ {
				digits += fmt.Sprintf("%02x", value.Index(index).Uint())
			}
			return fmt.Sprintf(`{"b":"%s"}`, digits)
		}
		items := make([]string, value.Len())
		for index := range items {
			items[index] = codenookTell(value.Index(index), shape.part(0))
		}
		return codenookJoined(items)
	case reflect.Map:
		isSet := value.Type().Elem().Kind() == reflect.Struct && value.Type().Elem().NumField() == 0
		items := make([]string, 0, value.Len())
		for _, key := range value.MapKeys() {
			item := codenookTell(key, shape.part(0))
			if !isSet {
				item = codenookJoined([]string{item, codenookTell(value.MapIndex(key), shape.part(1))})
			}
			items = append(items, item)
		}
		sort.Strings(items)
		return fmt.Sprintf(`{"%s":%s}`, map[bool]string{true: "s", false: "m"}[isSet], codenookJoined(items))
	case reflect.Ptr, reflect.Interface:
		if value.IsNil() {
			return "null"
		}
		if shape.kind == "option" {
			shape = shape.part(0)
		}
		return codenookTell(value.Elem(), shape)
	}
	return fmt.Sprintf(`{"o":%s}`, codenookText(value.Type().Name()))
}
