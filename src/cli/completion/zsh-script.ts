import { quoted, type ScriptTables, type TableLine } from './script-tables.ts';

function table(name: string, lines: readonly TableLine[]): string {
  const pairs = lines.map(({ key, value }) => `    ${quoted(key)} ${quoted(value)}`);
  return `  local -A ${name}=(\n${pairs.join('\n')}\n  )`;
}

/** `_describe` takes `name:about`, with colons within the name escaped. */
function forDescribe(lines: readonly TableLine[]): readonly TableLine[] {
  return lines.map(({ key, value }) => ({ key, value: value.replaceAll('\t', ':') }));
}

/** The completion script for zsh: to be sourced, or as a file \`_lastgood\` in \`fpath\`. */
export function zshScript(tables: ScriptTables): string {
  return [
    '#compdef lastgood',
    '# zsh completion for lastgood, made by `lastgood completion zsh`.',
    '# Put `source <(lastgood completion zsh)` into ~/.zshrc, behind compinit.',
    '',
    '_lastgood() {',
    '  emulate -L zsh',
    '  setopt extended_glob',
    table('children', forDescribe(tables.children)),
    table('options', forDescribe(tables.options)),
    table('option_values', tables.optionValues),
    table('arguments', tables.arguments),
    MACHINE,
  ].join('\n');
}

const MACHINE = `  local kind= at= pending= word= value=
  local -i position=0 only_arguments=0 i
  local -a near offered
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $pending ]]; then
      case $pending in
        --data|--url|--token-file) near+=($pending \${~word}) ;;
      esac
      pending=
    elif [[ $word == -- ]]; then
      only_arguments=1
    elif [[ $word == --*=* && $only_arguments == 0 ]]; then
      value=\${word#*=}
      case \${word%%=*} in
        --data|--url|--token-file) near+=(\${word%%=*} \${~value}) ;;
      esac
    elif [[ $word == -* && $only_arguments == 0 ]]; then
      [[ -n \${option_values[$at|$word]} ]] && pending=$word
    elif [[ $position == 0 && $'\\n'\${children[$at]} == *$'\\n'"$word":* ]]; then
      at=\${at:+$at }$word
    else
      position+=1
    fi
  done
  if [[ -n $pending ]]; then
    kind=\${option_values[$at|$pending]}
  elif [[ $PREFIX == --*=* && $only_arguments == 0 ]]; then
    kind=\${option_values[$at|\${PREFIX%%=*}]}
    compset -P '*='
  elif [[ $PREFIX == -* && $only_arguments == 0 ]]; then
    offered=(\${(f)options[$at]})
    _describe -o option offered
    return
  elif [[ -n \${children[$at]} ]]; then
    offered=(\${(f)children[$at]})
    _describe command offered
    return
  else
    kind=\${arguments[$at|$position]:-\${arguments[$at|*]}}
  fi
  case $kind in
    file) _files; return ;;
    folder) _files -/; return ;;
    words:*) offered=(\${(s: :)kind#words:}) ;;
    list:*) offered=(\${(f)"$(\${~words[1]} $near __complete \${kind#list:} 2>/dev/null)"}) ;;
    *) return 1 ;;
  esac
  # Of names separated by commas the last one is completed.
  compset -P '*,'
  compadd -a offered
}

if [[ \${funcstack[1]} == _lastgood ]]; then
  _lastgood "$@"
else
  compdef _lastgood lastgood
fi
`;
