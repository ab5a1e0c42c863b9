package program

import (
	"encoding/json"
	"fmt"
	"reflect"
	"unsafe"
)

func codenookOutcome(function codenookFunction, line []byte) (told string) {
	defer func() {
		if problem := recover(); problem != nil {
			told = codenookEnded("raised", "panic", fmt.Sprint(problem))
		}
	}()
	var call [2][]any
	if err := json.Unmarshal(line, &call); err != nil {
		return codenookNotRun("it can't be read")
	}
	called := reflect.ValueOf(function.function)
	var arguments []reflect.Value
	if function.isMethod {
		object, failed := codenookMade(function.make, called.Type().In(0), call[0])
		if failed != "" {
			return failed
		}
		arguments = append(arguments, object)
	}
	given, err := codenookArguments(called.Type(), len(arguments), call[1])
	if err != nil {
		return codenookNotRun(err.Error())
	}
	results := called.Call(append(arguments, given...))
	value, failed := codenookResult(results, function.results)
	if failed != "" {
		return failed
	}
	return fmt.Sprintf(`{"how":"returned","value":%s%s}`, value, codenookAfter(given, function.parameters))
}

// codenookArguments are the arguments that a function takes after the first ones.
func codenookArguments(kind reflect.Type, first int, told []any) ([]reflect.Value, error) {
	needed := kind.NumIn() - first
	if len(told) != needed && !(kind.IsVariadic() && len(told) >= needed-1) {
		return nil, fmt.Errorf("it takes %d arguments", needed)
	}
	var given []reflect.Value
	for index, each := range told {
		var asked reflect.Type
		if kind.IsVariadic() && index >= needed-1 {
			asked = kind.In(kind.NumIn() - 1).Elem()
		} else {
			asked = kind.In(first + index)
		}
		value := reflect.New(asked).Elem()
		if err := codenookRead(each, value); err != nil {
			return nil, err
		}
		given = append(given, value)
	}
	return given, nil
}

// codenookMade is the object of a method, or how it ended.
func codenookMade(maker any, kind reflect.Type, told []any) (reflect.Value, string) {
	if maker != nil {
		given, err := codenookArguments(reflect.TypeOf(maker), 0, told)
		if err != nil {
			return reflect.Value{}, codenookNotRun(err.Error())
		}
		results := reflect.ValueOf(maker).Call(given)
		if len(results) > 1 {
			if problem, isError := results[1].Interface().(error); isError {
				return reflect.Value{}, codenookEnded("raised", codenookError(problem), problem.Error())
			}
		}
		object := results[0]
		if object.Kind() != reflect.Ptr {
			object = reflect.New(kind.Elem())
			object.Elem().Set(results[0])
		}
		return object, ""
	}
	object := reflect.New(kind.Elem())
	if len(told) == 0 {
		return object, ""
	}
	if kind.Elem().Kind() != reflect.Struct || kind.Elem().NumField() != len(told) {
		return object, codenookNotRun(fmt.Sprintf("no %s is made with %d values", kind.Elem().Name(), len(told)))
	}
	for index, each := range told {
		field := object.Elem().Field(index)
		if err := codenookRead(each, reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()); err != nil {
			return object, codenookNotRun(err.Error())
		}
	}
	return object, ""
}

func codenookError(problem error) string {
	kind := reflect.TypeOf(problem)
	if kind.Kind() == reflect.Ptr {
		kind = kind.Elem()
	}
	if kind.PkgPath() == "errors" || kind.PkgPath() == "fmt" {
		return "error"
	}
	return kind.Name()
}

// codenookResult is what a function gives, or the error that it does.
func codenookResult(results []reflect.Value, shapes []codenookShape) (string, string) {
	if last := len(results) - 1; last >= 0 && results[last].Type() == reflect.TypeOf((*error)(nil)).Elem() {
		if !results[last].IsNil() {
			problem := results[last].Interface().(error)
			return "", codenookEnded("raised", codenookError(problem), problem.Error())
		}
		results = results[:last]
	}
	var told []string
	for index, each := range results {
		shape := codenookShape{}
		if index < len(shapes) {
			shape = shapes[index]
		}
		told = append(told, codenookTell(each, shape))
	}
	switch len(told) {
	case 0:
		return "null", ""
	case 1:
		return told[0], ""
	}
	return codenookJoined(told), ""
}

// codenookAfter are the arguments after the call, where one could be changed.
func codenookAfter(given []reflect.Value, shapes []codenookShape) string {
	var told []string
	isChangeable := false
	for index, each := range given {
		shape := codenookShape{}
		if len(shapes) > 0 {
			shape = shapes[len(shapes)-1]
		}
		if index < len(shapes) {
			shape = shapes[index]
		}
		kind := each.Kind()
		isChangeable = isChangeable || kind == reflect.Slice || kind == reflect.Map || kind == reflect.Ptr
		told = append(told, codenookTell(each, shape))
	}
	if !isChangeable {
		return ""
	}
	return `,"after":` + codenookJoined(told)
}
