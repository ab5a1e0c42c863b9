package program

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// codenookShape is what a type alone doesn't say: whether an int32 is a character.
type codenookShape struct {
	kind  string
	parts []codenookShape
}

func (shape codenookShape) part(at int) codenookShape {
	if at < len(shape.parts) {
		return shape.parts[at]
	}
	return codenookShape{}
}

func codenookUnfit(told any, what string) error {
	shown, _ := json.Marshal(told)
	if len(shown) > 60 {
		shown = shown[:60]
	}
	return fmt.Errorf("%s is not %s", shown, what)
}

// codenookTag is what stands for a value under a tag: the digits of an integer under "i".
func codenookTag(told any, tag string) (any, bool) {
	object, isObject := told.(map[string]any)
	if !isObject {
		return nil, false
	}
	inner, isThere := object[tag]
	return inner, isThere
}

func codenookRead(told any, into reflect.Value) error {
	kind := into.Type()
	switch kind.Kind() {
	case reflect.Bool:
		value, isBool := told.(bool)
		if !isBool {
			return codenookUnfit(told, "true or false")
		}
		into.SetBool(value)
	case reflect.String:
		if digits, isBytes := codenookTag(told, "b"); isBytes {
			bytes, err := hex.DecodeString(fmt.Sprint(digits))
			into.SetString(string(bytes))
			return err
		}
		value, isText := told.(string)
		if !isText {
			return codenookUnfit(told, "a text")
		}
		into.SetString(value)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return codenookReadInteger(told, into)
	case reflect.Float32, reflect.Float64:
		digits, isFloat := codenookTag(told, "f")
		if !isFloat {
			digits, isFloat = codenookTag(told, "i")
		}
		value, err := strconv.ParseFloat(fmt.Sprint(digits), kind.Bits())
		if !isFloat || err != nil {
			return codenookUnfit(told, kind.String())
		}
		into.SetFloat(value)
	case reflect.Slice, reflect.Array:
		return codenookReadList(told, into)
	case reflect.Map:
		return codenookReadMap(told, into)
	case reflect.Ptr:
		if told == nil {
			return nil
		}
		into.Set(reflect.New(kind.Elem()))
		return codenookRead(told, into.Elem())
	case reflect.Interface:
		return codenookReadAny(told, into)
	default:
		return codenookUnfit(told, kind.String())
	}
	return nil
}

func codenookReadInteger(told any, into reflect.Value) error {
	kind := into.Type()
	if text, isText := told.(string); isText && kind.Kind() == reflect.Int32 && utf8.RuneCountInString(text) == 1 {
		character, _ := utf8.DecodeRuneInString(text)
		into.SetInt(int64(character))
		return nil
	}
	digits, isInteger := codenookTag(told, "i")
	if !isInteger {
		return codenookUnfit(told, "an integer")
	}
	if into.CanInt() {
		value, err := strconv.ParseInt(fmt.Sprint(digits), 10, kind.Bits())
		if err != nil {
			return fmt.Errorf("%v does not fit %s", digits, kind)
		}
		into.SetInt(value)
		return nil
	}
	value, err := strconv.ParseUint(fmt.Sprint(digits), 10, kind.Bits())
	if err != nil {
		return fmt.Errorf("%v does not fit %s", digits, kind)
	}
	into.SetUint(value)
	return nil
}

func codenookReadList(told any, into reflect.Value) error {
	kind := into.Type()
	if digits, isBytes := codenookTag(told, "b"); isBytes && kind.Elem().Kind() == reflect.Uint8 {
		bytes, err := hex.DecodeString(fmt.Sprint(digits))
		if err != nil {
			return err
		}
		items := make([]any, len(bytes))
		for index, each := range bytes {
			items[index] = map[string]any{"i": strconv.Itoa(int(each))}
		}
		told = items
	}
	items, isList := told.([]any)
	if !isList {
		return codenookUnfit(told, "a list")
	}
	if kind.Kind() == reflect.Slice {
		into.Set(reflect.MakeSlice(kind, len(items), len(items)))
	} else if kind.Len() != len(items) {
		return fmt.Errorf("%d elements where %d are needed", len(items), kind.Len())
	}
	for index, item := range items {
		if err := codenookRead(item, into.Index(index)); err != nil {
			return err
		}
	}
	return nil
}

func codenookReadMap(told any, into reflect.Value) error {
	kind := into.Type()
	into.Set(reflect.MakeMap(kind))
	elements, isSet := codenookTag(told, "s")
	pairs, isMap := codenookTag(told, "m")
	if isSet {
		for _, element := range elements.([]any) {
			key, value := reflect.New(kind.Key()).Elem(), reflect.New(kind.Elem()).Elem()
			if err := codenookRead(element, key); err != nil {
				return err
			}
			if value.Kind() == reflect.Bool {
				value.SetBool(true)
			}
			into.SetMapIndex(key, value)
		}
		return nil
	}
	if !isMap {
		return codenookUnfit(told, "a map")
	}
	for _, pair := range pairs.([]any) {
		key, value := reflect.New(kind.Key()).Elem(), reflect.New(kind.Elem()).Elem()
		if err := codenookRead(pair.([]any)[0], key); err != nil {
			return err
		}
		if err := codenookRead(pair.([]any)[1], value); err != nil {
			return err
		}
		into.SetMapIndex(key, value)
	}
	return nil
}

// codenookReadAny makes of what is told what a literal of Go would be.
func codenookReadAny(told any, into reflect.Value) error {
	if into.NumMethod() > 0 {
		return codenookUnfit(told, into.Type().String())
	}
	var kind any
	switch value := told.(type) {
	case nil:
		return nil
	case bool:
		kind = false
	case string:
		kind = ""
	case []any:
		kind = []any{}
	case map[string]any:
		for tag := range value {
			kind = map[string]any{"i": 0, "f": 0.0, "b": []byte{}, "m": map[any]any{}, "s": map[any]struct{}{}}[tag]
		}
	}
	if kind == nil {
		return codenookUnfit(told, "plain data")
	}
	made := reflect.New(reflect.TypeOf(kind)).Elem()
	err := codenookRead(told, made)
	into.Set(made)
	return err
}
