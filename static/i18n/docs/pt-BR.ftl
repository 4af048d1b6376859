# Papo em português: a página da API. O que ela diz da própria API vem da descrição, em inglês.

docs-heading = A API
docs-nav = Operações
docs-identity = Quem você é aqui
docs-nobody = Ninguém entrou neste navegador.
docs-somebody = Os pedidos saem em nome de { $username }, que entrou neste navegador.
docs-sign-in = Entrar
docs-token = Token, para ser outra pessoa
docs-token-tip = O token que a entrada responde. Vai em cada pedido e não fica guardado.
docs-optional = opcional
docs-fields = Campos
docs-try = Experimentar
docs-send = Enviar
docs-body = Corpo
docs-headers = Cabeçalhos
docs-took = { $ms } ms
docs-responses = Respostas
docs-no-answer = Sem resposta.
docs-answer-picture = A imagem que foi respondida
docs-socket = Uma página não consegue enviar isto sozinha; num terminal:
