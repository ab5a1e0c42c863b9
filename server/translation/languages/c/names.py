"""Names that C has a use for, and C++ as well."""

_RESERVED = """
EOF NULL assert auto bool break case char const continue default do double else enum errno extern
false far float for goto if inline int linux long main near register restrict return short signed
sizeof static stderr stdin stdout struct switch true typedef union unix unsigned void volatile while
"""
RESERVED = frozenset(_RESERVED.split())

_LIBRARY = """
abort abs acos asin atan atan2 atexit atof atoi atol bsearch calloc ceil clock close cos cosh ctime
difftime div exit exp exp2 fabs fclose fdim feof fflush floor fmax fmin fmod fopen fprintf fputs
fread free frexp fscanf fseek fwrite gamma getc getchar getenv gets hypot index isalnum isalpha
isdigit islower isspace isupper j0 j1 jn labs ldexp lgamma log log10 log2 lround malloc memchr
memcmp memcpy memmove memset mktime modf nan open pow printf putc putchar puts qsort raise rand read
realloc remove rename rewind rindex rint round scanf select signal sin sinh sleep snprintf sprintf
sqrt srand stat strcat strchr strcmp strcpy strdup strlen strncmp strncpy strrchr strstr strtod
strtok strtol system tan tanh tgamma time tolower toupper trunc truncate ungetc write y0 y1 yn
"""
LIBRARY = frozenset(_LIBRARY.split())
"""Functions of the library that one of the same name would collide with."""
