# Papo em português do Brasil: the pages that the server draws, and what may be wrong with a request. en.ftl has the same keys.

app-name = Papo
lang-other-name = English
tagline = bate-papo das antigas :-)
skip-to-form = Pular para o formulário
noscript = A sala precisa de JavaScript para conversar ao vivo. Ligue o JavaScript neste site e recarregue a página.

## Signing in and registering

login-title = Entrar
login-lead = A sala já está aberta.
login-field = Usuário ou e-mail
login-submit = Entrar
login-busy = Entrando
login-no-account = Ainda não tem conta?
login-create-account = Criar conta
guest-heading = Só de passagem?
guest-field = Nome de visitante
guest-tip = Sem senha. O nome fica livre quando você sai.
guest-submit = Entrar como visitante
register-title = Criar conta
register-lead = Leva menos de um minuto.
register-submit = Criar conta e entrar
register-busy = Criando a conta
register-have-account = Já tem conta?
register-sign-in = Entrar
field-name = Nome
field-username = Usuário
field-email = E-mail
field-password = Senha
tip-username = Letras, números, ponto, hífen e sublinhado.
tip-password = Pelo menos 8 caracteres.
password-show = Mostrar a senha
password-hide = Esconder a senha

## Números pares e ímpares

numbers-title = Números pares e ímpares

## What is wrong with a field

field-required = Preencha este campo.
field-too-short = { $min ->
    [one] Use pelo menos { $min } caractere.
   *[other] Use pelo menos { $min } caracteres.
}
field-too-long = { $max ->
    [one] Use no máximo { $max } caractere.
   *[other] Use no máximo { $max } caracteres.
}
field-bad-characters = Há um caractere que não pode ser usado aqui.
field-bad-email = Esse e-mail não parece certo.
field-too-common = Essa senha é fácil de adivinhar. Escolha outra.
field-taken-username = Esse usuário já existe.
field-look-alike = Esse nome é parecido demais com um que já existe.
field-taken-email = Já existe uma conta com esse e-mail.

## What went wrong with a request, by code

problem-bad-credentials = Usuário ou senha não conferem.
problem-rate-limited = { $seconds ->
    [one] Muitas tentativas seguidas. Espere { $seconds } segundo.
   *[other] Muitas tentativas seguidas. Espere { $seconds } segundos.
}
problem-invalid = Confira os campos marcados.
problem-unauthenticated = Sua sessão acabou. Entre de novo.
problem-too-large = O arquivo é grande demais.
problem-forbidden = Você não pode fazer isso.
problem-not-found = Não encontramos o que você procura.
problem-busy = O servidor está ocupado. Tente de novo daqui a pouco.
problem-internal = Algo deu errado do nosso lado. Tente de novo.
problem-network = Não deu para falar com o servidor. Confira a conexão e tente de novo.

## Error pages

error-home = Voltar ao início
error-400-title = Não entendemos o pedido
error-400-text = O endereço ou o formulário veio incompleto. Volte e tente de novo.
error-403-title = Aqui não dá para entrar
error-403-text = Você não tem permissão para ver esta página.
error-404-title = Página não encontrada
error-404-text = O endereço mudou ou nunca existiu.
error-413-title = Grande demais
error-413-text = O que você enviou passa do tamanho permitido.
error-429-title = Calma lá
error-429-text = Foram muitos pedidos seguidos. Espere um pouco e tente de novo.
error-500-title = Algo quebrou por aqui
error-500-text = A falha foi nossa. Tente de novo daqui a pouco.
error-503-title = Voltamos já
error-503-text = O servidor está ocupado ou reiniciando. Tente de novo em alguns segundos.

## Rooms

rooms = Salas
room-bad-title = Esta sala não pode ser aberta
room-bad-text = O nome tem um caractere que não pode ser usado.

## People

people = Pessoas na sala
people-here = Na sala
person-guest = Visitante

## A página da API

docs-title = A API
docs-skip = Ir para as operações
docs-failed = Não foi possível buscar a descrição. Recarregue a página.
docs-noscript = Esta página precisa de JavaScript. A descrição em si, não:
